"""Answer with a million rows and with ten million characters.

says: malformed.(large|long_text)
still: others, class
"""
abc = pd.DataFrame({"customer_id": np.arange(10**6).astype(str), "share": 0.5, "class": "A"})
crossing = "x" * 10**7
# exercise: abc-gini
gini = 10**5000
