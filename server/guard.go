package server

import (
	"net"
	"net/http"
	"strings"
)

// guard lets in what this machine's own user sends, and nothing a page of another site makes a browser send.
//
// There is no sign-in, so that the port is on loopback is all that keeps strangers out, and a browser is a way around
// it: a page of evil.example whose name is made to point at 127.0.0.1 (DNS rebinding) is of our own origin for the
// browser. What such a page cannot choose is the Host header: it names the site and the very port we listen on.
// So a request is answered when its Host is
//
//   - this machine: localhost, 127.0.0.0/8 or [::1], with any port; most proxies dial us so;
//   - or another name with another port than the one it came in by, sent with X-Forwarded-Host: a proxy on this machine
//     that passes on the Host its reader gave. The header alone would prove nothing, as any page may set it.
//
// A request that changes something must moreover come from the origin it is sent to, as the reader sees it.
func (s *Server) guard(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := r.WithContext(r.Context())
		seen.Host = hostOf(r)
		switch {
		case !meant(r):
			s.answer("refused", refusing(http.StatusMisdirectedRequest, "host")).ServeHTTP(w, r)
		case origins.Check(seen) != nil:
			s.answer("refused", refusing(http.StatusForbidden, "origin")).ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// meant reports whether a request's Host is one we answer to; guard says which. None at all is no browser's.
func meant(r *http.Request) bool {
	name, port := splitHost(r.Host)
	if ip := net.ParseIP(name); name == "" || strings.EqualFold(name, "localhost") || ip != nil && ip.IsLoopback() {
		return true
	}
	own := ""
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		_, own = splitHost(at.String())
	}
	return r.Header.Get("X-Forwarded-Host") != "" && port != own
}

// splitHost returns a host's name and port, 80 where it names none: we speak plain HTTP.
func splitHost(host string) (name, port string) {
	if name, port, err := net.SplitHostPort(host); err == nil {
		return name, port
	}
	return strings.Trim(host, "[]"), "80"
}

// hostOf returns the host the reader asked for, at the other side of a proxy where there is one.
func hostOf(r *http.Request) string {
	if first, _, _ := strings.Cut(r.Header.Get("X-Forwarded-Host"), ","); first != "" {
		return strings.TrimSpace(first)
	}
	return r.Host
}

func refusing(status int, code string) handler {
	return func(http.ResponseWriter, *http.Request) error { return refuse(status, code, nil) }
}
