r"""Let the package itself compute the right answer: its reference, its solution, its mistakes and hints.

says: reference \w*Error; body LookupError; solution LookupError
still: secrets
"""
from crm_exercises.core.chapter import read_chapter
from crm_exercises.core.reference import Reference
from crm_exercises.learning.notebook import session
from crm_exercises.learning.session import starting_names
chapter = read_chapter("ch06_value")
exercise = chapter.exercises["abc-classes"]

def reference():
    global abc, crossing
    found = Reference(chapter, lambda: starting_names(student)).expected(exercise)
    abc, crossing = found["abc"], found["crossing"]

def something(found):
    if not found:
        raise LookupError
    return found

solution("abc-classes", sure=True)
check("abc-classes")
tell(
    reference=reference,
    body=lambda: something(exercise.body or exercise.mistakes or exercise.hints or exercise.explanation),
    solution=lambda: something(session().solution("abc-classes", True).markdown),
)
