package exercise

import "parley"

func (h *hearing) unconfirmed(stop parley.Ref, party *side, level parley.Echelon) *Raised { return nil }
func (h *hearing) extentIgnored() *Raised                                                 { return nil }
func (h *hearing) urgentUnchecked() *Raised                                               { return nil }
func (h *hearing) notWarned() *Raised                                                     { return nil }
