"""Who may enter, and what they may see: people and their browsers, keys of programs, private links.

What is true of somebody is asked anew at every call; open streams are asked again whenever something changes.
"""
