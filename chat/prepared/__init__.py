"""Statements of the ORM that are compiled once and run often, several with one word to the database.

The ORM's work on the SQL of a query takes several times as long as the database's answer, and on one with many
conditions ten times; it has the same outcome each time but for the parameters. And each time that a thread waits for
the database it has to get the interpreter's lock anew, from an event loop that writes to hundreds of sockets.

reading.py   queries, and the objects that their rows become
writing.py   inserts and updates
running.py   what was prepared goes to the database; PostgreSQL keeps the plans
"""

from chat.prepared.reading import Prepared, Reading
from chat.prepared.running import Execution, run
from chat.prepared.writing import PreparedInsert, PreparedUpdate

__all__ = ["Execution", "Prepared", "PreparedInsert", "PreparedUpdate", "Reading", "run"]
