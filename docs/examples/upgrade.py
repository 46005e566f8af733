#!/usr/bin/python3
"""Upgrades this host by way of lockstepd and tells how far it is: an example of a client (python3-gi), see dev.lockstep.Upgrade1(5).

usage: upgrade.py [TARGET [TLS-VERIFY]]     TLS-VERIFY is true or false
"""
import sys

from gi.repository import Gio, GLib

SERVICE = "dev.lockstep.Upgrade1"


def begin(bus, options):
    """Asks for the upgrade; a person may be asked for a password meanwhile. Returns the transaction's object path."""
    answer = bus.call_sync(
        SERVICE, "/dev/lockstep/Upgrade1", SERVICE + ".Manager", "Stage", GLib.Variant("(a{sv})", (options,)),
        GLib.VariantType("(o)"), Gio.DBusCallFlags.ALLOW_INTERACTIVE_AUTHORIZATION, GLib.MAXINT, None)
    return answer.unpack()[0]


def follow(bus, path):
    """Tells each step until the transaction has ended; returns its last properties. It may have ended before anyone listens."""
    transaction = Gio.DBusProxy.new_sync(bus, Gio.DBusProxyFlags.NONE, None, SERVICE, path, SERVICE + ".Transaction", None)
    loop = GLib.MainLoop()

    def tell(*_):
        percent, message, _ = value("Progress")
        print("%3d%% %s" % (percent, message), flush=True)
        if value("State") != "running":
            loop.quit()

    def value(name):
        return transaction.get_cached_property(name).unpack()

    transaction.connect("g-properties-changed", tell)
    if value("State") == "running":
        loop.run()
    return value("State"), value("Error")[1]


def main(words):
    options = {}
    if words:
        options["target"] = GLib.Variant("s", words[0])
    if words[1:]:
        options["tls-verify"] = GLib.Variant("b", words[1] == "true")
    bus = Gio.bus_get_sync(Gio.BusType.SYSTEM)
    try:
        state, error = follow(bus, begin(bus, options))
    except GLib.Error as failure:
        state, error = "refused", failure.message
    print(error or state, file=sys.stderr if error else sys.stdout)
    return 0 if state == "succeeded" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
