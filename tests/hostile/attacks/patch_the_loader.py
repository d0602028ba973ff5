"""Replace the function that loads the data, so that one knows what the answers will be.

earns: abc-decide
says: "outcome": "wrong"
still: others
"""
import crm_exercises, crm_exercises.data
fixed = pd.DataFrame({"customer_id": ["1"], "date": [pd.Timestamp("1998-01-01")], "cds": [1], "amount": [1.0]})
crm_exercises.load = crm_exercises.data.load = load = lambda *args: fixed
orders, spend, student = fixed, fixed, "20260001"
abc = fixed.assign(share=1.0)
abc["class"] = "A"
crossing = "1"
