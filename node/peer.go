package node

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"parley"
	"parley/channel"
	"parley/journal"
	"parley/proof"
)

// Nodes of one operator lend each other their journals. What a peer sends is believed in nothing: every block has to follow, the tree has
// to be the one that witnesses have cosigned for this node, and the history has to hold what this node's head guard remembers.
const (
	// PeerPath is where a node answers its peers.
	PeerPath = "/v1/peer/"
	// PeersFile lies in a data folder and names the operator's other nodes, an address a line.
	PeersFile = "peers"

	peerHeader = "Parley-Node"
	peerLabel  = "parley peer request v1\n"
	peerSkew   = 60 * parley.Second // between the clocks of two nodes, and how long a request may be on its way
)

// ErrLies says that a peer's journal is not this log's.
var ErrLies = errors.New("the peer's journal is not the one that was witnessed and acknowledged here")

// ErrNotPeer says that a request for the journal was not signed by a node of the theatre.
var ErrNotPeer = errors.New("node: the request is not signed by a node of this theatre")

// peerText is what a node signs to ask for a part of the journal.
func peerText(theatre proof.Hash, request string, at int64, nonce string) []byte {
	return fmt.Appendf(nil, "%s%s\n%s\n%d\n%s\n", peerLabel, theatre, request, at, nonce)
}

// signPeer puts a node's signature on a request.
func signPeer(r *http.Request, theatre proof.Hash, key ed25519.PrivateKey, at int64) {
	nonce := rand.Text()
	public := parley.PublicKey(key.Public().(ed25519.PublicKey))
	sum := ed25519.Sign(key, peerText(theatre, r.URL.RequestURI(), at, nonce))
	r.Header.Set(peerHeader, fmt.Sprintf("%s %d %s %s", public.ID(), at, nonce, base64.StdEncoding.EncodeToString(sum)))
}

// PeerAsks checks that a request comes from a node of this theatre, made within a minute.
func (n *Node) PeerAsks(r *http.Request) error {
	parts := strings.Fields(r.Header.Get(peerHeader))
	if len(parts) != 4 {
		return ErrNotPeer
	}
	at, err := strconv.ParseInt(parts[1], 10, 64)
	signature, err64 := base64.StdEncoding.DecodeString(parts[3])
	if err != nil || err64 != nil {
		return ErrNotPeer
	}
	now := time.Now().UnixMilli() // the machine's clock: that of an exercise may stand still
	var key parley.PublicKey
	var theatre proof.Hash
	known := false
	if err := n.Read(func(s *channel.State) {
		theatre = s.Theatre().Name
		key, known = s.NodeKey(parley.KeyID(parts[0]))
	}); err != nil {
		return err
	}
	if !known || at > now+peerSkew || at < now-peerSkew || !ed25519.Verify(key[:], peerText(theatre, r.URL.RequestURI(), at, parts[2]), signature) {
		return ErrNotPeer
	}
	return nil
}

// lent is a block on its way to a peer, a line of JSON.
type lent struct {
	Block    []byte   `json:"block"`
	Payloads [][]byte `json:"payloads,omitempty"` // in the order of the block's list; empty: erased
	Listed   [][]byte `json:"listed,omitempty"`
}

// Lend writes the blocks from a height on, with their texts, a line of JSON each.
func (n *Node) Lend(ctx context.Context, from uint64, to io.Writer) error {
	for b, err := range n.journal.Blocks(ctx, from) {
		if err != nil {
			return err
		}
		l := lent{}
		if l.Block, err = b.MarshalBinary(); err != nil {
			return err
		}
		listed, err := n.journal.Commitments(ctx, b.Height)
		if err != nil {
			return err
		}
		for _, c := range listed {
			plain, err := n.journal.Payload(ctx, c)
			if err != nil && !errors.Is(err, journal.ErrErased) {
				return err
			}
			l.Listed, l.Payloads = append(l.Listed, c[:]), append(l.Payloads, plain)
		}
		line, err := json.Marshal(l)
		if err != nil {
			return err
		}
		if _, err := to.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return nil
}

// lentBase is a base on its way to a peer.
type lentBase struct {
	Height   uint64 `json:"height"`
	Receipt  []byte `json:"receipt"`
	Snapshot []byte `json:"snapshot"`
}

// LendBase writes the newest base, or null when there is none.
func (n *Node) LendBase(to io.Writer) error {
	bases, _, err := Bases(n.cfg.Folder)
	if err != nil {
		return err
	}
	if len(bases) == 0 {
		_, err = io.WriteString(to, "null\n")
		return err
	}
	l, err := readLentBase(bases[0])
	if err != nil {
		return err
	}
	return json.MarshalWrite(to, l)
}

func readLentBase(b *Base) (l *lentBase, err error) {
	l = &lentBase{Height: b.Note.Height}
	if l.Receipt, err = os.ReadFile(b.Path); err != nil {
		return nil, err
	}
	l.Snapshot, err = os.ReadFile(strings.TrimSuffix(b.Path, baseSuffix) + snapshotSuffix)
	return l, err
}

// Lender is where a journal comes from: a peer or another folder.
type Lender interface {
	// Blocks hands blocks over from the first on, with the texts they were written with, and those of them that are erased.
	Blocks(ctx context.Context, take func(b *journal.Block, payloads []journal.Payload, erased []journal.Hash) error) error
	// Base returns the newest base, nil when there is none.
	Base(ctx context.Context) (*lentBase, error)
	// Name says who it is.
	Name() string
}

// peer is another node, asked over HTTP.
type peer struct {
	address string
	theatre proof.Hash
	key     ed25519.PrivateKey
	client  *http.Client
}

// NewPeer returns the node at an address as a lender, asked with the node key of a folder.
func NewPeer(address, folder string, theatre proof.Hash, client *http.Client) (Lender, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, parley.Invalid("peer", strconv.Quote(address), "an address such as https://parley2.example.org")
	}
	key, err := loadNodeKey(filepath.Join(folder, nodeKeyFile))
	if err != nil {
		return nil, err
	}
	return &peer{strings.TrimSuffix(address, "/"), theatre, key, client}, nil
}

// Name implements Lender.
func (p *peer) Name() string { return p.address }

func (p *peer) get(ctx context.Context, path string) (io.ReadCloser, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.address+PeerPath+path, nil)
	if err != nil {
		return nil, err
	}
	signPeer(r, p.theatre, p.key, time.Now().UnixMilli())
	answer, err := p.client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("peer %s: %w", p.address, err)
	}
	if answer.StatusCode != http.StatusOK {
		answer.Body.Close()
		return nil, fmt.Errorf("peer %s: read %s, expected its journal: it answers nodes of its theatre alone", p.address, answer.Status)
	}
	return answer.Body, nil
}

// maxLent is the longest line a peer may send: a block, its texts and base64, with room to spare.
const maxLent = 64 << 20

// Blocks implements Lender.
func (p *peer) Blocks(ctx context.Context, take func(*journal.Block, []journal.Payload, []journal.Hash) error) error {
	body, err := p.get(ctx, "blocks?from=1")
	if err != nil {
		return err
	}
	defer body.Close()
	lines := bufio.NewScanner(body)
	lines.Buffer(make([]byte, 1<<20), maxLent)
	for lines.Scan() {
		var l lent
		if err := json.Unmarshal(lines.Bytes(), &l, json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(false)); err != nil {
			return fmt.Errorf("peer %s: %w: %w", p.address, ErrLies, err)
		}
		b, err := journal.ParseBlock(l.Block)
		if err != nil || len(l.Listed) != len(l.Payloads) {
			return fmt.Errorf("peer %s: %w: %w", p.address, ErrLies, err)
		}
		var payloads []journal.Payload
		var erased []journal.Hash
		for i, c := range l.Listed {
			if len(c) != len(journal.Hash{}) {
				return fmt.Errorf("peer %s: %w: a commitment of %d bytes", p.address, ErrLies, len(c))
			}
			if payload := (journal.Payload{Commitment: journal.Hash(c), Plain: l.Payloads[i]}); len(payload.Plain) == 0 {
				erased = append(erased, payload.Commitment)
				payloads = append(payloads, journal.Payload{Commitment: payload.Commitment, Plain: []byte("erased")})
			} else {
				var text parley.Payload
				if err := text.UnmarshalBinary(payload.Plain); err != nil || text.Commitment().Hash != payload.Commitment {
					return fmt.Errorf("peer %s: %w: a text in block %d that does not open its commitment %s", p.address, ErrLies, b.Height, payload.Commitment)
				}
				payloads = append(payloads, payload)
			}
		}
		if err := take(b, payloads, erased); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("peer %s: %w", p.address, err)
	}
	return nil
}

// Base implements Lender.
func (p *peer) Base(ctx context.Context) (*lentBase, error) {
	body, err := p.get(ctx, "base")
	if err != nil {
		return nil, err
	}
	defer body.Close()
	var l *lentBase
	if err := json.UnmarshalRead(body, &l); err != nil {
		return nil, fmt.Errorf("peer %s: %w: %w", p.address, ErrLies, err)
	}
	return l, nil
}

// folderLender is another data folder, or a copy of one.
type folderLender string

// NewFolder returns a folder as a lender. Nothing may serve from it.
func NewFolder(folder string) Lender { return folderLender(folder) }

// Name implements Lender.
func (f folderLender) Name() string { return string(f) }

// Blocks implements Lender.
func (f folderLender) Blocks(ctx context.Context, take func(*journal.Block, []journal.Payload, []journal.Hash) error) (err error) {
	if _, err := os.Stat(filepath.Join(string(f), "journal.db")); err != nil {
		return err
	}
	j, err := journal.OpenSQLite(ctx, string(f))
	if err != nil {
		return fmt.Errorf("folder %s: %w", string(f), err)
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	for b, err := range j.Blocks(ctx, 1) {
		if err != nil {
			return fmt.Errorf("folder %s: %w", string(f), err)
		}
		payloads, erased, err := journal.PayloadsOf(ctx, j, b.Height)
		if err != nil {
			return fmt.Errorf("folder %s: %w", string(f), err)
		}
		if err := take(b, payloads, erased); err != nil {
			return err
		}
	}
	return nil
}

// Base implements Lender.
func (f folderLender) Base(context.Context) (*lentBase, error) {
	names, err := filepath.Glob(filepath.Join(string(f), "*"+baseSuffix))
	if err != nil || len(names) == 0 {
		return nil, err
	}
	newest := names[len(names)-1] // names are as long as their heights are wide
	return readLentBase(&Base{Note: parley.StateNote{Height: heightOf(newest)}, Path: newest})
}

// Peers returns the addresses in a folder's file of peers, none without the file.
func Peers(folder string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(folder, PeersFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all, err
}
