package groundwork_test

import (
	"slices"
	"strings"
	"testing"

	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/sql/postgis"
)

// barriers lists what runs along the borders of the town: what, its name, and whether one can walk across.
const barriers = `select string_agg(distinct barrier || ' ' || name || case when walk then '' else ' closed' end, E'\n'
	order by barrier || ' ' || name || case when walk then '' else ' closed' end) from border where until is null`

func TestWhatRunsAlongBorders(t *testing.T) {
	d := newTown(t)
	d.take("water", "code,name,class,wkt", "r1,Willow River,river,"+line(-1, 4, 9, 4))
	d.take("road", "code,name,class,wkt", "s1,First Street,street,"+line(1.3, -1, 1.3, 4)) // west of it nothing crosses the river
	d.build("all")
	want := []string{"none ", "river Willow River", "river Willow River closed", "street First Street", "street Second Street",
		"street Second Way", "street Sixth Street", "street Sixth Way", "wall  closed"}
	d.want("barriers", d.Query(barriers), strings.Join(want, "\n"))
	d.want("the lines are as long as is said", d.Query(`select count(*) from border where abs(st_length(geom::geography) - metres) > 0.001`), "0")
	d.want("the lines are what both blocks share", d.Query(`select count(*) from (select a, b, st_linemerge(st_union(geom)) as geom from border group by a, b) d
		join block x on x.id = a join block y on y.id = b
		where not st_equals(d.geom, st_linemerge(st_collectionextract(st_intersection(x.geom, y.geom), 2)))`), "0")

	// A bridge divides nothing, but one can walk across then.
	const codes = `select string_agg(code, ' ' order by code) from block where until is null`
	blocks := d.Query(codes)
	d.take("road", "code,name,class,bridge,wkt", "b1,Willow Bridge,street,yes,"+line(0.7, 3, 0.7, 5))
	d.build("all")
	d.want("barriers with a bridge", d.Query(barriers), strings.Join(slices.Delete(want, 2, 3), "\n"))
	d.want("blocks", d.Query(codes), blocks)
}

// A street that gets a name changes borders and no block: a new version of the ground, of the same blocks.
func TestARoadIsNamed(t *testing.T) {
	d := newTown(t)
	d.build("all")
	blocks := d.Query(state)
	d.take("road", "code,name,class,wkt", "s2,Long Street,street,"+line(2, -1, 2, 9))
	d.want("counts", counts(d.build("all")), [4]int{0, 0, 17, 0})
	d.want("blocks", d.Query(state), blocks)
	d.want("the old name is known of the old ground", d.Query(`select string_agg(distinct name || ' ' || since || ' ' || coalesce(until, 0), ', '
		order by name || ' ' || since || ' ' || coalesce(until, 0)) from border where name like '%Street' and name not like 'Sixth%'`), "Long Street 2 0, Second Street 1 2")
	d.build("all")
	d.want("versions of the ground", d.Query(`select count(*) from ground`), "2")
}

// One community built anew knows what runs along its borders with the others, as the build of all did; so do blocks of a
// file that are stored beside them.
func TestBordersOfAScope(t *testing.T) {
	d := newTown(t)
	d.take("water", "code,name,class,wkt", "r1,Willow River,river,"+line(-1, 4, 9, 4))
	d.build("all")
	all := d.Query(barriers)
	d.take("road", "code,name,class,wkt", "s1,First Street,street,"+line(1.3, -1, 1.3, 4))
	d.build("A")
	d.want("barriers", strings.Replace(d.Query(barriers), "river Willow River closed\nstreet First Street\n", "", 1), all)
	d.want("unknown borders", d.Query(`select count(*) from border where until is null and barrier = ''`), "0")
	d.want("borders of blocks that are gone", d.Query(`select count(*) from border d join block b on b.id in (d.a, d.b)
		where d.until is null and b.until is not null`), "0")
}

// Each of these faults, done to the stored blocks, is found by the cancellation of sides.
func TestTheDatabaseFindsWhatDoesNotCancel(t *testing.T) {
	d := newTown(t)
	d.build("all")
	var ids []plan.AreaID
	var outline []shape.MultiPolygon
	faults := func() (n int) {
		err := d.Store.Import(t.Context(), func(im *postgis.Importing) error {
			found, err := im.UncancelledSides(t.Context(), ids, outline)
			n = len(found)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	err := d.Store.Import(t.Context(), func(im *postgis.Importing) error {
		areas, err := im.AreasByCode(t.Context(), []string{"A"})
		if err != nil {
			return err
		}
		ids = append(ids, areas[0].ID)
		blocks, err := im.BlocksNear(t.Context(), shape.EmptyBox, ids)
		var shapes []shape.MultiPolygon
		for _, b := range blocks {
			if b.ParentID == ids[0] {
				shapes = append(shapes, b.Shape)
			}
		}
		outline = append(outline, topo.Union(shapes))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Query(`insert into ground (import_id) select max(id) from import returning version`)
	d.Query(`create table kept as select * from block where code = 'A-0001'`)
	d.want("as built", faults(), 0)
	for name, fault := range map[string]string{
		"moved by the last bit":             `geom = st_snaptogrid(st_translate(geom, 1e-7, 0), 1e-7)`,
		"gone":                              `until = since + 1`,
		"in another area":                   `parent_id = (select id from area where code = 'B')`,
		"with a corner its neighbour lacks": `geom = st_multi(st_segmentize(geom, 0.0015))`,
	} {
		d.Query(`update block set ` + fault + ` where code = 'A-0001' returning id`)
		if faults() == 0 {
			t.Errorf("a block %s: nobody sees it", name)
		}
		d.Query(`update block b set geom = k.geom, until = k.until, parent_id = k.parent_id from kept k where b.id = k.id returning b.id`)
		d.want("mended after "+name, faults(), 0)
	}
}
