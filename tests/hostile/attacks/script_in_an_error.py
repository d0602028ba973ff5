"""Fail with an error whose name and words are a script.

says: script
still: page
"""
error = type("<script>alert(1)</script>", (Exception,), {})
raise error("</pre><script>alert('x')</script>{{ config }}{% raw %}<style>*{display:none}</style>")
