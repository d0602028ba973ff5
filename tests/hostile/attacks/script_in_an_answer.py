"""Answer with a script, in the hope that the feedback page runs it.

says: script
still: page
"""
crossing = "</div><script>alert('LOO' + 'T')</script><img src=x onerror=alert(1)>"
abc = pd.DataFrame({"<script>alert(1)</script>": ["'\"><svg onload=alert(1)>"]})
# exercise: abc-rule
rule = {"<script>alert(2)</script>": 1, "{{ 7 * 7 }}": 2, "javascript:alert(3)": 3}
