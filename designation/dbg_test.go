package designation

import "testing"

func TestDbg(t *testing.T) {
	l := lexiconOnce()
	for _, s := range []string{"Stripe Limited Liability Company", "Nicolás Maduro LLC", "Brigade Forty-Four", "Societatea cu Răspundere Limitată PRO TRAFFIC"} {
		for _, x := range l.tokens(s) {
			t.Logf("%q %s c%d %v %v %v", x.shown, x.text, x.class, x.concept, x.person, x.other)
		}
	}
}
