"""What is done with enforcement cases: load, decide, save, announce.

opening    a clue, a proposal, filing or not
working    evidence, terms, notice, statement, hearing, review: what changes only the case
deciding   a penalty, none, a later change; what follows from a serious one
days       terms that come near or have passed
keeping    what every one of these does at the end
explaining why a case stands as it does
"""
