package index

import (
	"fmt"
	"testing"

	"parley/geo"
)

// A standing subscription is a volume in an index of its own: what is new is the query, and those whose volumes it finds are told.
func ExampleIndex_Find_standing() {
	subscriptions := New()
	week := geo.Window{From: 0, To: 7 * 86_400_000}
	district := geo.Shape{Kind: geo.Point, Points: []geo.Position{{Lon: 39_0100000, Lat: 35_9500000}}}
	subscriptions.Put(41, geo.Volume{Shape: district, Buffer: 20_000, Band: geo.AllAltitudes, Window: week})

	convoy := geo.Volume{Band: geo.AllAltitudes, Window: geo.Window{From: 3_600_000, To: 7_200_000}, Buffer: 200}
	convoy.Shape = geo.Shape{Kind: geo.LineString, Lines: [][]geo.Position{{{Lon: 39_2000000, Lat: 35_9000000}, {Lon: 39_3000000, Lat: 35_9000000}}}}
	fmt.Println(subscriptions.Find(convoy))
	// Output: [41]
}

// Roles may be swapped: a subscription finds what is new if and only if what is new finds the subscription.
func TestStandingSubscriptionsAreTheSameQuestion(t *testing.T) {
	scene := newScene(10, 30_000)
	subscriptions, notices := New(), New()
	var asked, told []geo.Volume
	for i := range 1500 {
		asked, told = append(asked, scene.volume()), append(told, scene.volume())
		subscriptions.Put(ID(i), asked[i])
		notices.Put(ID(i), told[i])
	}
	pairs := map[[2]ID]bool{}
	for n, v := range told {
		for _, s := range subscriptions.Find(v) {
			pairs[[2]ID{s, ID(n)}] = true
		}
	}
	found := 0
	for s, v := range asked {
		for _, n := range notices.Find(v) {
			if found++; !pairs[[2]ID{ID(s), n}] {
				t.Fatalf("subscription %d finds notice %d, which does not find it", s, n)
			}
		}
	}
	if found != len(pairs) || found < 1000 {
		t.Fatalf("%d pairs one way, %d the other", found, len(pairs))
	}
}
