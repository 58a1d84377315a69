package deliver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestErrorsNameFieldReadAndExpected(t *testing.T) {
	s := enter(t)
	member, party := string(s.A.Officer.Ref), string(s.A.Ref)
	// Each text replaces WAS in a good configuration, or the whole of it.
	good := `{"mail":{"server":"mail.example.org:587","from":"parley@example.org","user":"u","password":{"file":"mail.secret"}},
 "gateways":{"main":{"url":"https://sms.example.org/send","form":{"to":"{to}","text":"{text}"},"secret":{"file":"sms.secret"}}},
 "channels":[
  {"name":"hook","member":"M","kind":"webhook","address":"https://hook.example.org/in?x=hidden","secret":{"file":"hook.secret"}},
  {"name":"mail","member":"M","kind":"email","address":"officer@example.org","language":"ar"},
  {"name":"sms","member":"M","kind":"sms","address":"+963110000000","gateway":"main","order":2,"delay":"5m"},
  {"name":"cot","member":"M","kind":"cot","address":"tls://tak.example.org:8089","positions":"P"}]}`
	good = strings.NewReplacer(`"M"`, `"`+member+`"`, `"P"`, `"`+party+`"`).Replace(good)
	if _, err := load(t, good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ was, now, field string }{
		{`"kind":"webhook"`, `"kind":"fax"`, "channels[0]."},
		{`"name":"hook"`, `"name":"hook","colour":1`, "/channels/0/colour"},
		{`"name":"hook"`, `"name":"hook","name":"hook"`, "/channels/0/name"},
		{`"name":"mail"`, `"name":"hook"`, "channels[1].name"},
		{`"name":"hook"`, `"name":"Hook 1"`, "channels[0].name"},
		{`"` + member + `","kind":"webhook"`, `"` + party + `","kind":"webhook"`, "channels[0].member"},
		{`"https://hook.example.org/in?x=hidden"`, `"http://hook.example.org/"`, "channels[0].address"},
		{`"https://hook.example.org/in?x=hidden"`, `"https://u:p@hook.example.org/"`, "channels[0].address"},
		{`"secret":{"file":"hook.secret"}}`, `"secret":{"file":"mail.secret"}}`, "channels[0].secret"},
		{`"secret":{"file":"hook.secret"}}`, `"secret":{"file":"absent"}}`, "channels[0].secret.file"},
		{`"secret":{"file":"hook.secret"}}`, `"secret":{"env":"PARLEY_NO_SUCH"}}`, "channels[0].secret"},
		{`,"secret":{"file":"hook.secret"}}`, `}`, "channels[0].secret"},
		{`"language":"ar"`, `"language":"xx"`, "channels[1].language"},
		{`"officer@example.org"`, `"Officer <officer@example.org>"`, "channels[1].address"},
		{`"language":"ar"`, `"private":true`, "channels[1].private"},
		{`"+963110000000"`, `"0110000000"`, "channels[2].address"},
		{`"gateway":"main"`, `"gateway":"other"`, "channels[2].gateway"},
		{`"delay":"5m"`, `"delay":"5 minutes"`, "/channels/2/delay"},
		{`"order":2,`, ``, "channels[2].delay"},
		{`tls://tak`, `tcp://tak`, "channels[3].address"},
		{`,"positions":"` + party + `"`, ``, "channels[3].positions"},
		{`"kind":"cot"`, `"kind":"cot","notices":["released"]`, "channels[3].notices"},
		{`"kind":"email"`, `"kind":"email","notices":["gossip"]`, "channels[1].notices[0]"},
		{`mail.example.org:587`, `mail.example.org`, "mail.server"},
		{`"user":"u",`, ``, "mail.password"},
		{`"text":"{text}"`, `"text":"fixed"`, "gateways.main"},
		{`"form":{"to":"{to}","text":"{text}"},`, ``, "gateways.main"},
		{`"channels":[`, `"give_up":"1s","channels":[`, "give_up"},
		{good, `{"channels":[null]}`, "channels[0]"},
		{good, `[]`, ""},
		{good, ``, ""},
	} {
		text := strings.Replace(good, c.was, c.now, 1)
		if text == good {
			t.Fatalf("%q is not in the good configuration", c.was)
		}
		_, err := load(t, text)
		if err == nil {
			t.Errorf("%s: taken", c.now)
			continue
		}
		field := strings.NewReplacer("/", ".", "[", ".", "]", "").Replace(strings.TrimPrefix(c.field, "/"))
		if said := strings.NewReplacer("[", ".", "]", "").Replace(err.Error()); !strings.Contains(said, field) {
			t.Errorf("%s: %v; expected the field %s", c.now, err, c.field)
		}
		for _, secret := range []string{"hidden", mailSecret, smsSecret, "u:p@"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error %q holds a secret", c.now, err)
			}
		}
	}
}

func TestASecretThatOthersCanReadIsRefused(t *testing.T) {
	cfg := &Config{folder: t.TempDir()}
	file := filepath.Join(cfg.folder, "s")
	if err := os.WriteFile(file, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := cfg.read("secret", &Secret{File: "s"}); err == nil || !strings.Contains(err.Error(), "mode 0644") {
		t.Errorf("%v, expected a refusal of the mode", err)
	}
}
