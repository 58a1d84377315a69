package cast

import (
	"context"
	"crypto/ed25519"
	"path/filepath"
	"testing"

	"parley"
	"parley/internal/draft"
	"parley/node"
)

// OnNode is a stage that is a running node.
type OnNode struct {
	Node *node.Node
}

// Play implements Stage.
func (n OnNode) Play(s *draft.Submission) (parley.Outcome, error) {
	r, err := n.Node.Submit(context.Background(), s.Envelope, s.Payloads)
	if err == nil && r.Refusal != nil {
		return r.Outcome, &Refusal{r.Refusal}
	}
	return r.Outcome, err
}

// Folder makes a data folder with an opened theatre, and returns it with the theatre's name and trustees.
func Folder(t testing.TB, profile parley.Profile, at int64) (folder string, theatre parley.Hash, trustees [2]*Person) {
	t.Helper()
	return FolderAt(t, filepath.Join(t.TempDir(), "data"), profile, at)
}

// FolderAt is Folder at a path of the caller's.
func FolderAt(t testing.TB, folder string, profile parley.Profile, at int64) (_ string, theatre parley.Hash, trustees [2]*Person) {
	t.Helper()
	return folderWith(t, folder, profile, parley.ClockReal, at)
}

// SimulatedFolder is Folder with an exercise whose time is simulated and begins at a time.
func SimulatedFolder(t testing.TB, profile parley.Profile, at int64) (folder string, theatre parley.Hash, trustees [2]*Person) {
	t.Helper()
	profile.Exercise = true
	return folderWith(t, filepath.Join(t.TempDir(), "data"), profile, parley.ClockSimulated, at)
}

func folderWith(t testing.TB, folder string, profile parley.Profile, clock parley.ClockKind, at int64) (_ string, theatre parley.Hash, trustees [2]*Person) {
	t.Helper()
	key, err := node.Prepare(folder, "parley.test/theatre")
	if err != nil {
		t.Fatal(err)
	}
	keys := [2]ed25519.PrivateKey{draft.NewKey(), draft.NewKey()}
	s, err := Opening(profile, clock, keys, key, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Create(context.Background(), folder, s.Envelope, s.Payloads, at); err != nil {
		t.Fatal(err)
	}
	return folder, s.Name, [2]*Person{{Key: keys[0], Account: parley.Board}, {Key: keys[1], Account: parley.Board}}
}
