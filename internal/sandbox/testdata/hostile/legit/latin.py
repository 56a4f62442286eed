# -*- coding: latin-1 -*-
# A source of another encoding, as its first line says.
print(len("éè"), ascii("é"))
