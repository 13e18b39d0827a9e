"""What strangers may ask of the server's own routes, all in one place."""

# Computing
COMPUTING = 2.0  # seconds of computing that one mini-batch may take
BYTES = 12 * 2**20  # of one answer, before packing
PACKED = 2 * 2**20  # bytes of an answer up to which it is packed
HANDOUT_BYTES = 24 * 2**20  # of one lecture's file, before it is written as text
HANDOUT = 20.0  # seconds of computing that it may take
WAITING = 1_000  # questions that wait for their turn; the same question counts once
WAITING_EACH = 300  # of one address; a whole hall may share one
ANSWERS_BYTES = 64 * 2**20  # of answers that are kept
RETRY_AFTER = 2  # seconds after which whoever was turned away may ask again

# Rooms
ROOMS = 200
FOLLOWERS = 3_000  # in each of them
MESSAGE_BYTES = 2_048  # of one message from a device
LEADER_BYTES = 6_144  # of one from the lecturer's, which may have notes
MESSAGES = 20  # of one device in a second
LIFETIME = 3 * 3_600  # seconds that a room is kept after its lecturer was last there
