"""The Data page: the data set, the pad, uploads, networks in files."""
