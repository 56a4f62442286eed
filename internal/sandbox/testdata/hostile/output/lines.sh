# Says too much, slowly at first.
yes
