"""Visits: what happens from the plan to the conclusion.

telling  what others hear of a visit
"""
