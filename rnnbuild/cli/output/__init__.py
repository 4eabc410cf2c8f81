"""How results look: tables and their four formats, numbers as text, small pictures, displays."""
