package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// schema is the whole database. SQLite keeps the text of each statement, and opening compares them: a table whose name took a
// flipped bit must not be mistaken for one that is still to be made.
//
// No row of payload_keys and payloads is ever deleted or moved, so that SQLite leaves no copy of one behind in its pages:
// places only grow, and erasing overwrites a row where it lies.
var schema = [...][2]string{
	{"blocks", `CREATE TABLE blocks (height INTEGER PRIMARY KEY, payloads BLOB NOT NULL, frontier BLOB NOT NULL, block BLOB NOT NULL) STRICT`},
	{"payload_places", `CREATE TABLE payload_places (commitment BLOB PRIMARY KEY, place INTEGER NOT NULL) STRICT, WITHOUT ROWID`},
	{"payload_keys", `CREATE TABLE payload_keys (place INTEGER PRIMARY KEY, wrapped BLOB NOT NULL) STRICT`},
	{"payloads", `CREATE TABLE payloads (place INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT`},
	{"erased", `CREATE TABLE erased (commitment BLOB PRIMARY KEY) STRICT, WITHOUT ROWID`},
	{"folder", `CREATE TABLE folder (key_id BLOB NOT NULL) STRICT`},
}

// checkSchema makes the tables in a new file and compares them in an old one.
func (s *SQLite) checkSchema(ctx context.Context) error {
	tx, err := s.writes.BeginTx(ctx, nil) // takes the write lock: of two processes one makes the tables
	if err != nil {
		return s.fault(0, "schema", err)
	}
	defer tx.Rollback()
	var application, version, objects int
	for query, into := range map[string]*int{"PRAGMA application_id": &application, "PRAGMA user_version": &version,
		"SELECT count(*) FROM sqlite_master": &objects} {
		if err := tx.QueryRowContext(ctx, query).Scan(into); err != nil {
			return s.fault(0, "schema", err)
		}
	}
	if application == 0 && version == 0 && objects == 0 {
		return s.makeSchema(ctx, tx)
	}
	damage := func(what, read, expected any) error {
		return &Damage{What: fmt.Sprint(databaseFile, ", ", what), Read: fmt.Sprint(read), Expected: fmt.Sprint(expected)}
	}
	if application != applicationID {
		return damage("application id", application, applicationID)
	}
	if version != schemaVersion {
		return damage("schema version", version, schemaVersion)
	}
	if objects != len(schema) {
		return damage("schema", fmt.Sprint(objects, " tables and indexes"), len(schema))
	}
	for _, table := range schema {
		var text string
		err := tx.QueryRowContext(ctx, "SELECT sql FROM sqlite_master WHERE type='table' AND name=? AND tbl_name=?", table[0],
			table[0]).Scan(&text)
		if errors.Is(err, sql.ErrNoRows) {
			return damage("schema", "no table "+table[0], "one")
		}
		if err != nil {
			return s.fault(0, "schema", err)
		}
		if text != table[1] {
			return damage("table "+table[0], text, table[1])
		}
	}
	return nil
}

func (s *SQLite) makeSchema(ctx context.Context, tx *sql.Tx) error {
	if err := makeKey(s.folder); err != nil {
		return err
	}
	seal, err := loadKey(s.folder)
	if err != nil {
		return err
	}
	statements := []string{fmt.Sprint("PRAGMA application_id = ", applicationID), fmt.Sprint("PRAGMA user_version = ", schemaVersion)}
	for _, table := range schema {
		statements = append(statements, table[1])
	}
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return s.fault(0, "make schema", err)
		}
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO folder (key_id) VALUES (?)", seal.id[:]); err != nil {
		return s.fault(0, "make schema", err)
	}
	if err := tx.Commit(); err != nil {
		return s.fault(0, "make schema", err)
	}
	return nil
}

func (s *SQLite) checkStructure(ctx context.Context) error {
	rows, err := s.writes.QueryContext(ctx, "PRAGMA quick_check(3)")
	if err != nil {
		return s.fault(0, "structure", err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return s.fault(0, "structure", err)
		}
		found = append(found, line)
	}
	if err := rows.Err(); err != nil {
		return s.fault(0, "structure", err)
	}
	if len(found) != 1 || found[0] != "ok" {
		return &Damage{What: databaseFile + ", structure", Read: strings.Join(found, "; "), Expected: "ok"}
	}
	return nil
}
