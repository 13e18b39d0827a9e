"""Lectures: a file of beats, each of them a place in a run with a text, and what is lit, hidden and asked there."""
