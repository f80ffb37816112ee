package importers

import (
	"context"
	"errors"
	"strings"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// Form is what whoever brings a file says of it. What is not said is taken from the file.
type Form struct {
	System   *crs.System // in which its coordinates are; nil for what the file says, else longitude and latitude
	Encoding string      // of its text, one of Encodings; "" for what the file says, else what its bytes are
	Layer    string      // of several in one file, or of several sheets; "" where there is one
	AsIs     bool        // take the system the file says, whatever fits the ground better
	Geometry []string    // the types of geometry that are wanted, "Polygon" for MultiPolygon, too; nil for any, empty for none: columns of coordinates stay columns
	Close    float64     // how far apart the ends of a line in a drawing may be to be closed, in metres; defaults to CloseWithin
	Limits   *Limits     // defaults to HostLimits
	Notes    []*Fault    // on how the system was found
	Head     Head        // which rows of a table name its columns; its zero value leaves them to be found
}

// Found is how a file was read, so that the report can say it.
type Found struct {
	SHA256   string     // of the file; of a shapefile's parts one after the other
	Encoding string     // of its text: "UTF-8" unless it was said or found to be another
	System   string     // in which its coordinates are; "" for longitude and latitude
	Read     crs.System // the same
	Notes    []*Fault
	Columns  []string // of a table, in its order; nil where its format has none

	cutTexts int // texts of a table that were cut within a character
}

// note adds a remark.
func (f *Found) note(key string, args words.Args) {
	f.Notes = append(f.Notes, &Fault{Key: key, Args: args})
}

// SystemNamed returns the system of a name as crs.Named does, and a *Fault for one that is not known.
func SystemNamed(name string) (crs.System, error) {
	s, err := crs.Named(name)
	if err != nil {
		return s, systemFault(err)
	}
	return s, nil
}

// SaySystem sets the system that a name says: "as-is" for what the file says, whatever fits the ground better, else as SystemNamed has
// it. It returns a *Fault for one that is not known.
func (f *Form) SaySystem(name string) error {
	if f.AsIs = strings.EqualFold(name, "as-is"); f.AsIs {
		return nil
	}
	s, err := SystemNamed(name)
	if err == nil {
		f.System = &s
	}
	return err
}

// system returns the system a file's coordinates are in: the one said, else that of the WKT the file has of it; where it has none, the
// remark of the key is made.
func (f Form) system(wkt, none string, found *Found) (crs.System, *Fault) {
	if f.System != nil {
		found.System, found.Read = f.System.Name(), *f.System
		return *f.System, nil
	}
	if wkt == "" {
		found.note(none, nil)
		return crs.System{}, nil
	}
	s, err := crs.FromWKT(wkt)
	if err != nil {
		return s, systemFault(err)
	}
	if found.Read = s; !s.IsDegrees() {
		found.System = s.Name()
	}
	return s, nil
}

// systemFault says why a file's coordinate system cannot be taken.
func systemFault(err error) *Fault {
	e, ok := errors.AsType[*crs.SystemError](err)
	if !ok {
		return &Fault{Key: "crs.unknown", Args: words.Args{"name": Excerpt(err.Error())}}
	}
	return &Fault{Key: "crs." + e.Kind, Args: words.Args{"name": Excerpt(e.Text)}}
}

// eachUntil calls each until the context is done.
func eachUntil(ctx context.Context, each func(Row) error) func(Row) error {
	n := 0
	return func(r Row) error {
		if n++; n%1000 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return each(r)
	}
}
