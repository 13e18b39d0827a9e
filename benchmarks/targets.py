"""What the benchmarks are held against: every target, and whether one was missed in this process."""

# Training, as ratios: how many times as fast as its rivals
STEP = {"the book's loop": 8.0, "scikit-learn": 3.0, "PyTorch": 1.0}  # one mini-batch of 784-30-10
SGD = {"the book's loop": 8.0, "scikit-learn": 3.0}  # ten epochs, conversion and shuffling included

# A long run
JUMP_MS, RUN_MB = 100.0, 64.0  # to any mini-batch; what the run holds
EXPLAIN_MS = 10.0  # an explanation of a number of 784-30-10

# The board, as ratios to the click on an empty fragment's button on the same server
PHASE, BATCH, WORDS = 0.4, 0.5, 2.4  # painted; the words after a phase step
JUMP = {"64-30-10": 2.0, "784-30-10": 2.4}  # an epoch on, known to the server only
PHASE_BYTES, BATCH_BYTES = 8 * 1024, (2, 8 * 1024)  # of a mini-batch: bytes a number, and what goes with any answer
SERVER_MS = {"64-30-10": 6, "784-30-10": 15}  # processor time of a step
PLAYED = {"batch": 15, "phase": 25}  # shown a second, at least
LOAD = {"cold": 1.0, "warm": 1.25}  # page load, as a ratio to Streamlit's empty page as Streamlit comes
VIEWER = 0.5  # the viewer's first picture, as the same ratio
PLOTLY_FILES = 0  # on the first screen

# Many visitors
SESSIONS, P95_SECONDS, HELD_SECONDS = 100, 0.2, 0.5
MB_A_SESSION, LEVEL_MB_A_MINUTE = 0.5, 1.0
BESIDE_TRAINING = 2.0  # how many times as slow others step while a run is trained

# A room: milliseconds from press to message by followers, KB a follower, milliseconds until an answer is acknowledged
ROOM_MS = {200: 100.0, 2_000: 350.0}
ROOM_KB, ANSWER_MS = 60.0, 500.0
BESIDE_STRANGER = 2.0  # how many times as late a move comes while a stranger asks for 50 experiments

# What is learned
DIGITS_ACCURACY = 0.97  # held-out, worst seed, cross-entropy
MNIST_PERCENT = {"quadratic": 95.0, "cross-entropy": 96.0}  # of the held-out images, best epoch

MISSED = 3  # exit code of a benchmark that missed a target
missed: list[str] = []


def verdict(found: float, target: float, at_least: bool = False) -> str:
    """ok or missed; a miss is remembered."""
    if found >= target if at_least else found <= target:
        return "ok"
    missed.append(f"{found:.4g} against {target:g}")
    return "missed"


def exit_code() -> int:
    return MISSED if missed else 0
