"""One typed class a table: the record is the table's definition; own.py has the tables of the tool itself."""
