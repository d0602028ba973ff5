"""Write a file of answers larger than what is read, so that the honest part comes too late.

earns: nothing
still: others
"""
with open("answers.jsonl", "w") as file:
    for _ in range(24):
        file.write("x" * 2**20)
    file.write("\n")
crossing = "anything"
