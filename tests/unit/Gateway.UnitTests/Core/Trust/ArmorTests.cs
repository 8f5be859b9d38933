using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Trust.OpenPgp;

namespace Gateway.UnitTests.Core.Trust;

public class ArmorTests
{
    private const string Begin = "-----BEGIN PGP SIGNATURE-----\n";
    private const string End = "-----END PGP SIGNATURE-----\n";

    private static byte[] Read(string text) => Armor.ReadSingle(Encoding.Latin1.GetBytes(text), Armor.Signature);

    [Theory]
    [InlineData(Begin + "\naGVsbG8=\n" + End)]
    [InlineData(Begin + "Version: GnuPG v2\nComment:\n\naGVs\nbG8=\n=R/WK\n" + End)]
    [InlineData(" \n\t" + Begin + "\naGVsbG8=\n" + End + "\r\n \n")]
    [InlineData("-----BEGIN PGP SIGNATURE-----  \r\n\r\naGVsbG8=\r\n-----END PGP SIGNATURE-----\r\n")]
    [InlineData("-----BEGIN PGP SIGNATURE-----\n\naGVsbG8=\n-----END PGP SIGNATURE-----")]
    public void One_block_is_read(string text) => Assert.Equal("hello"u8.ToArray(), Read(text));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n", "is empty")]
    [InlineData("aGVsbG8=", "does not begin with")]
    [InlineData("x\n" + Begin + "\naGVsbG8=\n" + End, "does not begin with")]
    [InlineData("- " + Begin + "\naGVsbG8=\n" + End, "does not begin with")]
    [InlineData(Begin + "\naGVsbG8=\n" + End + "x", "goes on after")]
    [InlineData(Begin + "\naGVsbG8=\n" + End + Begin + "\naGVsbG8=\n" + End, "goes on after")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\ntext\n" + Begin + "\naGVsbG8=\n" + End, "is a PGP SIGNED MESSAGE")]
    [InlineData("-----BEGIN PGP MESSAGE-----\n\naGVsbG8=\n-----END PGP MESSAGE-----\n", "is a PGP MESSAGE")]
    [InlineData(Begin + "\naGVsbG8=\n-----END PGP MESSAGE-----\n", "has no -----END")]
    [InlineData(Begin + "\naGVsbG8=\n" + Begin + "\naGVsbG8=\n" + End, "has no -----END")]
    [InlineData(Begin + "\naGVsbG8=\n", "has no -----END")]
    [InlineData(Begin, "has no -----END")]
    [InlineData(Begin + End, "is empty")]
    [InlineData(Begin + "\n" + End, "is empty")]
    [InlineData(Begin + "aGVsbG8=\n" + End, "an empty line is missing")]
    [InlineData(Begin + "\naGVs bG8=\n" + End, "not base64")]
    [InlineData(Begin + "\naGVsbG8\n" + End, "not base64")]
    [InlineData(Begin + "\naGVsbG8=\n\naGVs\n" + End, "not base64")]
    [InlineData(Begin + "\naGVsbG8=\nevil text\n" + End, "not base64")]
    [InlineData(Begin + "\naGVsbG8=\n=AAAA\n" + End, "checksum")]
    public void Anything_else_is_refused_with_why(string text, string why) =>
        Assert.Contains(why, Assert.Throws<OpenPgpRefusedException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_checksum_is_rfc_9580s() => Assert.Equal(0x21CF02, Armor.Crc24("123456789"u8));

    [Fact]
    public void Garbage_is_refused_and_never_a_crash() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            foreach (var read in new Action[] { () => KeyFile.Read(bytes), () => KeyFile.Read([0x99, 0, .. bytes]), () => Packet.ReadAll(bytes), () => SignaturePacket.Read([4, .. bytes]) })
            {
                try
                {
                    read();
                }
                catch (OpenPgpRefusedException refused)
                {
                    Assert.NotEmpty(refused.Message);
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
