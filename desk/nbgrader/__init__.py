"""The kit's assignments in nbgrader: a course folder goes out, marks and feedback come back.

nbgrader hands out, takes in and keeps the gradebook; the kit marks. nbgrader sees in each notebook
one cell for each exercise (:mod:`.cells`), and asks the kit (:mod:`.plugin`) what these cells are
worth, which looks at the student's work file (:mod:`.marking`) and runs nothing that a student
wrote. Only :mod:`.plugin`, which nbgrader loads, imports nbgrader.
"""
