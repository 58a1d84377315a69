package statement

import (
	"strings"
	"time"
)

var english = func() *language {
	l := &language{code: "en", cues: map[string][]cue{}, weekdays: map[string]int{}, months: map[string]time.Month{}, last: set("last"),
		days: map[string]int{"today": 0, "yesterday": 1}}
	for i := range 7 {
		l.weekdays[strings.ToLower(time.Weekday(i).String())] = i
	}
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		l.months[name] = m
		if m != time.May {
			l.months[name[:3]] = m
		}
	}
	l.months["sept"] = time.September
	l.add(say, "said", Fact, "said,stated,added,stressed,noted,pointed out,underlined,underscored,emphasized,emphasised,explained,remarked,observed,argued,maintained,insisted,asserted,claimed,alleged,"+
		"declared,announced,confirmed,reported,revealed,recalled,concluded,commented,complained,continued,went on to say,replied,responded,answered,acknowledged,admitted,conceded,wrote,tweeted,"+
		"posted,specified,clarified,estimated,predicted,suggested,believed,reiterated,repeated,reaffirmed,vowed,pledged,promised,agreed,testified,cautioned,warned,lamented,quipped,summed up,made clear,"+
		"disclosed,hinted,indicated,mentioned,figured,stipulated,told a news conference")
	l.add(say, "said", Fact, "says,stresses,notes,points out,adds,insists,argues,explains,writes,emphasizes,emphasises,say")
	l.add(say, "said", Fact, "claims,states,reports,claim,maintains,warns,believes,alleges,announces,believe,argue,insist,warn,fear,fears,allege", present)
	l.add(tell, "said", Fact, "told,informed,assured,reminded,notified,tells")
	l.add(say, "asked", Question, "asked,wondered,inquired,queried")
	l.add(about, "denied", Denial, "denied,rejected,dismissed,refuted,disputed,denies,rejects,dismisses,ruled out")
	l.add(about, "said", Accusation, "accused,accuses", needs("of"))
	l.add(about, "said", Accusation, "blamed,condemned,criticized,criticised,denounced,slammed,blames,condemns")
	l.add(about, "offered", Offer, "offered to,proposed,offers to,proposes,expressed readiness,expressed willingness,voiced readiness")
	l.add(about, "said", Fact, "called on,called for,urged,demanded,appealed,urges,demands,calls on,calls for")
	l.add(about, "said", Justification, "defended,justified")
	l.add(say, "said", Fact, "adding,saying,stressing,noting,warning,claiming,insisting,pointing out,arguing,explaining,emphasizing,emphasising,alleging,stating", going)
	l.add(quoting, "said", Fact, "quoted,cited,quotes,cites")
	return l
}()

var (
	// aside are words that may stand between who speaks and the verb.
	aside = set("also later then earlier again further furthermore once has have had was were is are did been being repeatedly previously recently subsequently separately however meanwhile additionally " +
		"publicly personally simply merely reportedly always never often only just still now both all for_his_part")
	// bounds end the name of a speaker on the left.
	bounds = set("but while although though because when whereas that which who whom if since after before as unless until so and or nor yet than")
	preps  = set("in on at during to via from after before by through for with of about over into under against near amid following towards between")
	dets   = set("the a an his her its their our some many several one two three four five both this that these those another other")

	pronouns = map[string]gender{"he": male, "she": female, "they": many, "it": thing, "i": anyone, "we": many}

	// people are the roles in which somebody speaks, and the bodies that do.
	people = set("diplomat diplomats spokesman spokeswoman spokesperson spokesmen spokespeople minister ministers president official officials general generals commander commanders officer officers envoy ambassador secretary " +
		"director chief head leader leaders lawyer lawyers doctor doctors resident residents witness witnesses eyewitness eyewitnesses activist activists journalist journalists analyst analysts expert experts adviser advisor " +
		"advisers aide aides source sources lawmaker lawmakers politician senator mayor governor colonel captain lieutenant major admiral sergeant soldier soldiers fighter fighters rebel rebels survivor survivors relative relatives " +
		"father mother brother sister son daughter wife husband man woman men women refugee refugees civilian civilians worker workers volunteer volunteers medic medics nurse surgeon farmer driver teacher student coordinator " +
		"representative representatives delegate negotiator mediator investigator investigators observer observers monitor monitors researcher professor author editor correspondent reporter king prince sheikh imam bishop pope " +
		"chairman chairwoman chair premier chancellor deputy boss member members opponent opponents critics neighbour neighbor neighbours neighbors prosecutor judge pilot rescuer rescuers staff team teams")
	bodies = set("ministry army military government agency council committee group groups coalition office department command foundation charity observatory organisation organization organisations organizations authorities authority " +
		"forces force militia kremlin pentagon administration embassy statement communique report newspaper channel media television daily party movement front brigade union commission court police navy corps hospital assembly " +
		"parliament mission service centre center network institute bureau defence defense opposition delegation company side watch relief fund programme program alliance federation society amnesty oxfam regime state world un nato eu")

	// outlets are the words by which an outlet is known.
	outlets = set("agency newspaper television tv channel radio daily magazine broadcaster station website weekly news media")
	// known are outlets whose name does not say so.
	known = set("reuters afp ap interfax tass itar-tass ria ria_novosti novosti sana bbc cnn al-jazeera al_jazeera aljazeera al-arabiya al_arabiya kcna yonhap anadolu xinhua dpa upi rudaw al-ikhbariya al-mayadeen al-manar rt sputnik " +
		"mehr tasnim fars irna npr cbs abc nbc fox dw efe ansa kyodo haaretz guardian the_guardian new_york_times the_new_york_times washington_post wall_street_journal le_monde der_spiegel associated_press the_associated_press agence_france-presse")
	// hearers are those who are told, and are no outlet.
	hearers = set("reporters journalists parliament lawmakers media senators correspondents us them me him her people everyone")

	titles = set("president minister prime foreign defence defense interior deputy vice general gen lt col maj capt colonel major captain lieutenant admiral adm secretary secretary-general ambassador dr mr mrs ms sir king prince sheikh " +
		"senator rep chief chairman spokesman spokeswoman spokesperson director envoy brigadier sergeant sgt commander pope mayor governor chancellor premier former acting first second special us u.s. un russian")
)
