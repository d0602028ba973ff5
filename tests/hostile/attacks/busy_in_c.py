"""Compute for a long time inside a library, where no signal is heard.

says: timeout
still: others
"""
np.linalg.eigvals(np.random.rand(4000, 4000))
