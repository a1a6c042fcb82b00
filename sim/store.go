package sim

import (
	"bytes"
	"cmp"
	"reflect"
	"slices"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/hooks/storage"
	"github.com/mochi-mqtt/server/v2/packets"
)

// store keeps a broker's sessions over a restart. It stands for a database that is written at once:
// nothing of what the broker knew when it ended is lost, which no real store quite reaches.
type store struct {
	clients       []storage.Client
	subscriptions []storage.Subscription
	inflight      []storage.Message
	retained      []storage.Message
}

// save takes what server knows now. Everything is sorted: the server keeps it in maps.
func (s *store) save(server *mqtt.Server) {
	*s = store{}
	for id, cl := range server.Clients.GetAll() {
		if cl.Net.Inline || cl.Properties.Clean {
			continue
		}
		s.clients = append(s.clients, storage.Client{ID: id, Username: cl.Properties.Username,
			ProtocolVersion: cl.Properties.ProtocolVersion, Listener: cl.Net.Listener,
			Properties: storage.ClientProperties{
				SessionExpiryInterval:     cl.Properties.Props.SessionExpiryInterval,
				SessionExpiryIntervalFlag: cl.Properties.Props.SessionExpiryIntervalFlag}})
		for _, sub := range cl.State.Subscriptions.GetAll() {
			s.subscriptions = append(s.subscriptions, storage.Subscription{Client: id,
				Filter: sub.Filter, Qos: sub.Qos, NoLocal: sub.NoLocal, Identifier: sub.Identifier,
				RetainHandling: sub.RetainHandling, RetainAsPublished: sub.RetainAsPublished})
		}
		for _, pk := range cl.State.Inflight.GetAll(false) {
			s.inflight = append(s.inflight, message(pk, id))
		}
	}
	for _, pk := range server.Topics.Retained.GetAll() {
		s.retained = append(s.retained, message(pk, ""))
	}
	s.sort()
}

func (s *store) sort() {
	slices.SortFunc(s.clients, func(a, b storage.Client) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(s.subscriptions, func(a, b storage.Subscription) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), cmp.Compare(a.Filter, b.Filter))
	})
	slices.SortFunc(s.inflight, func(a, b storage.Message) int {
		return cmp.Or(cmp.Compare(receiverOf(&a), receiverOf(&b)), cmp.Compare(a.PacketID, b.PacketID))
	})
	slices.SortFunc(s.retained, func(a, b storage.Message) int {
		return cmp.Compare(a.TopicName, b.TopicName)
	})
}

func message(pk packets.Packet, client string) storage.Message {
	m := storage.Message{TopicName: pk.TopicName, Payload: bytes.Clone(pk.Payload),
		FixedHeader: pk.FixedHeader, Created: pk.Created, Origin: pk.Origin, PacketID: pk.PacketID}
	setReceiver(&m, client)
	return m
}

// setReceiver says for whose session a message is kept. mochi has a field for it; version 2.4.0 has
// none, and takes the origin of the message for its receiver.
func setReceiver(m *storage.Message, client string) {
	if f := reflect.ValueOf(m).Elem().FieldByName("Client"); f.IsValid() {
		f.SetString(client)
	} else if client != "" {
		m.Origin = client
	}
}

func receiverOf(m *storage.Message) string {
	if f := reflect.ValueOf(m).Elem().FieldByName("Client"); f.IsValid() {
		return f.String()
	}
	return m.Origin
}

// storeHook hands a store's contents to a server that starts.
type storeHook struct {
	mqtt.HookBase
	store *store
}

// ID and Provides implement mqtt.Hook.
func (h *storeHook) ID() string { return "halfopen store" }
func (h *storeHook) Provides(b byte) bool {
	return b == mqtt.StoredClients || b == mqtt.StoredSubscriptions ||
		b == mqtt.StoredInflightMessages || b == mqtt.StoredRetainedMessages
}

// StoredClients and the like implement mqtt.Hook.
func (h *storeHook) StoredClients() ([]storage.Client, error) { return h.store.clients, nil }
func (h *storeHook) StoredSubscriptions() ([]storage.Subscription, error) {
	return h.store.subscriptions, nil
}
func (h *storeHook) StoredInflightMessages() ([]storage.Message, error) {
	return h.store.inflight, nil
}
func (h *storeHook) StoredRetainedMessages() ([]storage.Message, error) {
	return h.store.retained, nil
}
