using Gateway.HostController.Fetch;

namespace Gateway.UnitTests.HostController.Fetch;

public sealed class KeyServerTests
{
    [Theory]
    [InlineData("hkps://keys.example.com", "https://keys.example.com/pks/lookup?op=get&options=mr&search=0xAB")]
    [InlineData("https://keys.example.com/", "https://keys.example.com/pks/lookup?op=get&options=mr&search=0xAB")]
    [InlineData("https://keys.example.com:8443", "https://keys.example.com:8443/pks/lookup?op=get&options=mr&search=0xAB")]
    [InlineData("hkp://keys.example.com", "http://keys.example.com:11371/pks/lookup?op=get&options=mr&search=0xAB")]
    [InlineData("https://example.com/keys/{fingerprint}.asc", "https://example.com/keys/AB.asc")]
    [InlineData("https://example.com/.well-known/openpgpkey/hu/x?l=fleet", "https://example.com/.well-known/openpgpkey/hu/x?l=fleet")]
    public void A_key_has_its_address(string server, string address) => Assert.Equal(address, KeyRenewal.AddressOf(new Uri(server), "AB").AbsoluteUri);
}
