"""The Train page: training, and what the network has learned."""
