package parcel

import (
	"reflect"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// fill gives every exported field below v a value of its own, so that one which is not carried, or
// is carried into another's place, shows.
func fill(v reflect.Value, n *int64) {
	*n++
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(1419901235, *n).UTC()))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range 3 {
			fill(v.Index(i), n)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.String:
		v.SetString("text " + string(rune('a'+*n%26)) + string(rune('a'+*n/26%26)))
	case reflect.Bool:
		v.SetBool(true)
	default:
		if v.CanInt() {
			v.SetInt(*n % 120)
		} else {
			v.SetUint(uint64(*n % 250))
		}
	}
}

func TestParcelKeepsEveryField(t *testing.T) {
	var tr trace.Trace
	var n int64
	fill(reflect.ValueOf(&tr).Elem(), &n)
	got, err := Unpack(Pack(&tr), func() {})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&tr, got) {
		t.Errorf("a trace with every field set came back as another:\n%+v\nwant\n%+v", got, &tr)
	}
}

// An arrival shares the segment of its sending, and must still share it on the other side: the
// picture tells copies from originals by that.
func TestSharedSegmentsStayShared(t *testing.T) {
	seg := &netmodel.Segment{Seq: 7, Payload: []byte{1, 2}}
	tr := trace.Trace{Epoch: time.Unix(0, 0).UTC(), Events: make([]trace.Event, 3)}
	tr.Events[0].Seg, tr.Events[1].Seg = seg, seg
	got, err := Unpack(Pack(&tr), func() {})
	if err != nil {
		t.Fatal(err)
	}
	if got.Events[0].Seg != got.Events[1].Seg || got.Events[0].Seg == nil {
		t.Error("the arrival has a segment of its own")
	}
	if got.Events[2].Seg != nil {
		t.Error("an event without a segment got one")
	}
}

// Whatever bytes come: an answer or an error, no panic, and no huge allocation.
func FuzzUnpack(f *testing.F) {
	var tr trace.Trace
	var n int64
	fill(reflect.ValueOf(&tr).Elem(), &n)
	whole := Pack(&tr)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if tr, err := Unpack(data, func() {}); (tr == nil) == (err == nil) {
			t.Error("neither a trace nor an error, or both")
		}
	})
}
