package statement
var russian = &language{code:"ru"}
var arabicLanguage = &language{code:"ar"}
func (r *reading) arabic(p *paragraph, s *sentence) {}
func (r *reading) russian(p *paragraph, s *sentence) {}
