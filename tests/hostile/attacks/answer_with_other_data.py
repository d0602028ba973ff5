"""Hand in what is right for the published data and for one's own number, neither of which is what is marked.

says: "outcome": "wrong"
still: others
"""
def solved(number):
    mine = load("transactions", number)
    table = mine.groupby("customer_id", as_index=False)["amount"].sum().round(2).sort_values(["amount", "customer_id"], ascending=[False, True])
    table["share"] = table["amount"].cumsum() / table["amount"].sum()
    before = table["share"].shift(fill_value=0)
    table["class"] = np.select([before < 0.80, before < 0.95], ["A", "B"], default="C")
    return table

abc = solved("20260001")
crossing = solved("0").query("`class` == 'A'")["customer_id"].iloc[-1]
# exercise: abc-rule
rule = {"top20": 0.65, "top25": 0.71, "need80": 0.33}
