using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.ContainerSupervisor.LocalApi;

namespace Gateway.UnitTests.ContainerSupervisor.LocalApi;

public sealed class RequestReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task A_request_is_read_in_whatever_pieces_it_comes(int piece)
    {
        var (request, refusal) = await ReadAsync("PUT /v1/lock?owner=a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n{ }\nmore", piece);
        Assert.Null(refusal);
        Assert.Equal(("PUT", "/v1/lock", "owner=a", "{ }\n"), (request!.Method, request.Path, request.Query, Encoding.ASCII.GetString(request.Body.Span)));
    }

    [Theory]
    [InlineData("GET / HTTP/2\r\n\r\n", 400)]
    [InlineData("GET  / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("get / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET http://x/ HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: 16385\r\n\r\n", 413)]
    [InlineData("GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 413)]
    [InlineData("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 501)]
    public async Task What_is_not_taken_is_answered(string text, int status) => Assert.Equal(status, (await ReadAsync(text, 4096)).Refusal?.Status);

    [Fact]
    public async Task An_endless_head_is_given_up()
    {
        var calls = 0;
        var (request, refusal) = await RequestReader.ReadAsync(buffer =>
        {
            calls++;
            buffer.Span.Fill((byte)'a');
            return ValueTask.FromResult(Math.Min(buffer.Length, 1000));
        });
        Assert.Null(request);
        Assert.Equal(431, refusal!.Status);
        Assert.InRange(calls, 1, 20);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HT")]
    [InlineData("PUT / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")]
    public async Task One_who_goes_away_gets_no_answer(string text) => Assert.Equal((null, null), await ReadAsync(text, 4096));

    [Fact]
    public void Whatever_comes_it_never_throws() => Prop.ForAll<byte[], int>((bytes, piece) =>
    {
        var prefix = piece % 2 == 0 ? "PUT /v1/lock HTTP/1.1\r\n"u8.ToArray() : [];
        return ReadAsync([.. prefix, .. bytes, .. "\r\n\r\n"u8], (Math.Abs(piece % 50) + 1)).IsCompletedSuccessfully;
    }).QuickCheckThrowOnFailure();

    private static Task<(ApiRequest? Request, ApiAnswer? Refusal)> ReadAsync(string text, int piece) => ReadAsync(Encoding.ASCII.GetBytes(text), piece);

    private static async Task<(ApiRequest? Request, ApiAnswer? Refusal)> ReadAsync(byte[] bytes, int piece)
    {
        var at = 0;
        return await RequestReader.ReadAsync(buffer =>
        {
            var count = Math.Min(Math.Min(piece, buffer.Length), bytes.Length - at);
            bytes.AsMemory(at, count).CopyTo(buffer);
            at += count;
            return ValueTask.FromResult(count);
        });
    }
}
