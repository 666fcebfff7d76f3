"""What is done with complaints and leads: load, decide, save.

receiving   one comes in, by a public page, a clerk, the media or another department
receipts    the number and secret with which its sender asks how it stands
working     acceptance, mediation, check, answer, closing, re-opening
casing      a checked lead becomes a case, or none
routing     to another county, into an earlier one, out of it again
explaining  as it is shown, with every step, and the earlier ones that are like it
revealing   who sent it, in full, for a purpose
keeping     what every one of these does at the end; days counted again
"""
