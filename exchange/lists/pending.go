package lists

import "parley/designation"

func readOFACAdvanced([]File, *designation.Edition) error { return nil }
func readEU([]File, *designation.Edition) error           { return nil }
func readUK([]File, *designation.Edition) error           { return nil }
func readFTM([]File, *designation.Edition) error          { return nil }
func isFTM(File) bool                                     { return false }
