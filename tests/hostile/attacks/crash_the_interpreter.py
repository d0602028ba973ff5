"""Crash the interpreter.

says: killed
still: others
"""
import ctypes
ctypes.string_at(0)
