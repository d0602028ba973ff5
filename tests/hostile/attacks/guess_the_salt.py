"""Find the secret behind the number of this variant by trying likely ones, to know the others too.

says: salts found 0
still: secrets
"""
import hashlib, hmac, itertools
likely = ["", "0", "salt", "secret", "password", "123456", "crm", "crm_exercises", "ch06_value", "teacher", "2026", student]
likely += ["".join(pair) for pair in itertools.product(likely, repeat=2)] + [hashlib.sha256(each.encode()).hexdigest() for each in likely]
found = [salt for salt in likely for place in range(16)
         if "v" + hmac.new(salt.encode(), f"variant|{place}".encode(), "sha256").hexdigest()[:20] == student]
crossing = f"salts found {len(found)}"
