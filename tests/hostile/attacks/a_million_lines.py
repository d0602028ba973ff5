"""Write more lines than anybody wants to read.

earns: nothing
still: class, others
"""
with open("answers.jsonl", "a") as file:
    file.write("{}\n" * 1_300_000)
