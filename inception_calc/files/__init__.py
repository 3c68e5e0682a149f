"""Files, read and written: which were read in this run, and how one is written whole or not at all.

A door without imports: `streams` is on the way to every first line, `whole` is loaded where a file is written.
"""
