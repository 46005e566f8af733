package dev.lockstep.manifest;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that each version of Quadlet knows in a type's own section; any other makes it reject the unit. Found by asking the real ones for
 * each key of each type. A key with {@code @} came with that version.
 */
final class QuadletKeys {
    /** Keys of {@code [Quadlet]}. */
    static final List<String> COMMON = List.of("DefaultDependencies");

    private static final Map<QuadletType, List<Key>> KEYS = new EnumMap<>(QuadletType.class);

    static {
        Map.ofEntries(
                        entry(QuadletType.IMAGE, """
                    AllTags Arch AuthFile CertDir ContainersConfModule Creds DecryptionKey GlobalArgs Image ImageTag OS
                    PodmanArgs ServiceName TLSVerify Variant Policy@5.6 Retry@5.5 RetryDelay@5.5
                    """),
                        entry(QuadletType.ARTIFACT, """
                    Artifact AuthFile CertDir ContainersConfModule Creds DecryptionKey GlobalArgs PodmanArgs Quiet Retry
                    RetryDelay ServiceName TLSVerify
                    """),
                        entry(QuadletType.VOLUME, """
                    ContainersConfModule Copy Device Driver GlobalArgs Group Image Label Options PodmanArgs ServiceName
                    Type User VolumeName
                    """),
                        entry(QuadletType.NETWORK, """
                    ContainersConfModule DNS DisableDNS Driver Gateway GlobalArgs IPAMDriver IPRange IPv6 Internal Label
                    NetworkName Options PodmanArgs ServiceName Subnet InterfaceName@5.6 NetworkDeleteOnStop@5.5
                    """),
                        entry(QuadletType.BUILD, """
                    Annotation Arch AuthFile ContainersConfModule DNS DNSOption DNSSearch Environment File ForceRM
                    GlobalArgs GroupAdd ImageTag Label Network PodmanArgs Pull Secret ServiceName SetWorkingDirectory
                    TLSVerify Target Variant Volume BuildArg@5.7 IgnoreFile@5.7 Retry@5.5 RetryDelay@5.5
                    """),
                        entry(QuadletType.CONTAINER, """
                    AddCapability AddDevice AddHost Annotation AutoUpdate CgroupsMode ContainerName ContainersConfModule
                    DNS DNSOption DNSSearch DropCapability Entrypoint Environment EnvironmentFile EnvironmentHost Exec
                    ExposeHostPort GIDMap GlobalArgs Group GroupAdd HealthCmd HealthInterval HealthLogDestination
                    HealthMaxLogCount HealthMaxLogSize HealthOnFailure HealthRetries HealthStartPeriod HealthStartupCmd
                    HealthStartupInterval HealthStartupRetries HealthStartupSuccess HealthStartupTimeout HealthTimeout
                    HostName IP IP6 Image Label LogDriver LogOpt Mask Mount Network NetworkAlias NoNewPrivileges Notify
                    PidsLimit Pod PodmanArgs PublishPort Pull ReadOnly ReadOnlyTmpfs RemapGid RemapUid RemapUidSize
                    RemapUsers Rootfs RunInit SeccompProfile Secret SecurityLabelDisable SecurityLabelFileType
                    SecurityLabelLevel SecurityLabelNested SecurityLabelType ServiceName ShmSize StartWithPod StopSignal
                    StopTimeout SubGIDMap SubUIDMap Sysctl Timezone Tmpfs UIDMap Ulimit Unmask User UserNS VolatileTmp
                    Volume WorkingDir AppArmor@5.8 HttpProxy@5.7 Memory@5.5 ReloadCmd@5.5 ReloadSignal@5.5 Retry@5.5
                    RetryDelay@5.5
                    """),
                        entry(QuadletType.KUBE, """
                    AutoUpdate ConfigMap ContainersConfModule ExitCodePropagation GlobalArgs KubeDownForce LogDriver
                    LogOpt Network PodmanArgs PublishPort RemapGid RemapUid RemapUidSize RemapUsers ServiceName
                    SetWorkingDirectory UserNS Yaml
                    """),
                        entry(QuadletType.POD, """
                    AddHost ContainersConfModule DNS DNSOption DNSSearch GIDMap GlobalArgs IP IP6 Network NetworkAlias
                    PodName PodmanArgs PublishPort RemapGid RemapUid RemapUidSize RemapUsers ServiceName ShmSize
                    SubGIDMap SubUIDMap UIDMap UserNS Volume ExitPolicy@5.6 HostName@5.5 Label@5.6 StopTimeout@5.7
                    """))
                .forEach((type, words) -> KEYS.put(
                        type,
                        List.of(words.strip().split("\\s+")).stream()
                                .map(Key::of)
                                .toList()));
    }

    private QuadletKeys() {}

    private record Key(String name, int minor) {
        static Key of(String word) {
            int at = word.indexOf('@');
            return at < 0
                    ? new Key(word, 0)
                    : new Key(word.substring(0, at), Integer.parseInt(word.substring(word.indexOf('.') + 1)));
        }
    }

    /** What a version knows, in the order of the names. */
    static List<String> of(QuadletType type, QuadletVersion version) {
        List<String> names = new ArrayList<>();
        for (Key key : KEYS.getOrDefault(type, List.of())) {
            if (key.minor() == 0 || version.isAtLeast(5, key.minor(), 0)) {
                names.add(key.name());
            }
        }
        return names;
    }

    /** Whether a newer version knows a key. */
    static boolean isNewer(QuadletType type, String key) {
        return KEYS.getOrDefault(type, List.of()).stream()
                .anyMatch(known -> known.name().equals(key));
    }
}
