package api

import (
	"context"

	"parley"
	"parley/channel"
	"parley/release"
)

// warnings lists the warnings about an object, for whoever may know the object: all of them for its owner and the desk, their own for others.
func (s *Server) warnings(ctx context.Context, in *RefInput) (*bodyOf[Page[release.Warning]], error) {
	return oneOf(s, func(v *channel.Viewer, ref parley.Ref) (*Page[release.Warning], bool) {
		if _, ok := v.Object(ref); !ok {
			return nil, false
		}
		page := &Page[release.Warning]{Items: v.Warnings(ref)}
		if page.Items == nil {
			page.Items = []release.Warning{}
		}
		return page, true
	})(ctx, in)
}

func (s *Server) statistics(ctx context.Context, _ *struct{}) (*bodyOf[release.Statistics], error) {
	out := &bodyOf[release.Statistics]{}
	return out, s.view(ctx, func(v *channel.Viewer) { out.Body = *v.Statistics() })
}
