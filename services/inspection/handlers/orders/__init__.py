"""What is done with rectification orders: load, decide, save, announce.

drafting    a draft is written, rewritten, discarded, issued under the next number
rectifying  extension, proof, re-inspection, withdrawal, a second term, item by item
refusals    a refusal is recorded, or taken back
days        terms that have passed
keeping     what every one of these does at the end
explaining  why an order stands as it does
"""
