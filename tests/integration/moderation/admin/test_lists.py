"""What support's lists find: each field that is searched, and each filter, shows the rows it is about and no others.

Made from the registry of the admin, so a list that comes to it is asked, too.
"""
