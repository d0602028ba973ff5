"""Search all objects, frames and modules of the process for solutions, expected values and the salt.

says: bodies 0; expected 0; frames 0
still: secrets
"""
import gc, sys
from crm_exercises.core.chapter import Exercise
from crm_exercises.core.reference import Reference
from crm_exercises.grading import variants
things = gc.get_objects()
gc.unfreeze()
things += gc.get_objects()
bodies = sum(isinstance(thing, Exercise) and bool(thing.body or thing.mistakes) for thing in things)
expected = sum(isinstance(thing, variants.Variants) or (isinstance(thing, Reference) and (thing.chapter.open or bool(thing._expected))) for thing in things)
frame, frames = sys._getframe(), 0
while frame := frame.f_back:
    frames += any(type(value).__name__ in ("Marker", "Reference", "Variants", "Submission", "Result") for value in frame.f_locals.values())
crossing = f"bodies {bodies}; expected {expected}; frames {frames}"
