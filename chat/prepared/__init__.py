"""Statements of the ORM that are compiled once and run often, several in one round trip.

The ORM's work on the SQL of a query takes several times as long as the database's answer, and on one with many
conditions ten times; it has the same outcome each time but for the parameters. And after each round trip a thread has
to get the interpreter's lock anew, from an event loop that writes to hundreds of sockets.

reading.py   a query, and the objects that its rows become
writing.py   an insert and an update
running.py   how they go to the database
plans.py     what PostgreSQL keeps of them
"""

from chat.prepared.reading import PreparedQuery, Reading
from chat.prepared.running import Execution, run
from chat.prepared.writing import PreparedInsert, PreparedUpdate

__all__ = ["Execution", "PreparedInsert", "PreparedQuery", "PreparedUpdate", "Reading", "run"]
