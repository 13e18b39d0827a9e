"""The stepping board: all quantities of one mini-batch on a canvas, with the transport."""
