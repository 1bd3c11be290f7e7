"""Completeness: what an exhibit states it holds, what was found, and what was not understood. It claims nothing."""
